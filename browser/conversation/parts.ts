import type { Room } from "./room";

/** A part of the page in a file of its own, loaded when it is needed. */
export type Part<T> = () => Promise<{ default: (room: Room) => T }>;

/** The parts. Each imports nothing at run time that the first script holds. */
export const parts = {
  write: () => import("./write"),
  live: () => import("./live"),
  pages: () => import("./pages"),
  menu: () => import("./menu"),
  dialogs: () => import("./dialogs"),
  edit: () => import("./edit"),
  preview: () => import("./preview"),
};
