import type { About } from "../conversation/types";
import type { Place } from "./match";

/** A passage that readers talk about, as the server lists it. */
export interface Passage {
  id: string;
  exact: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
  state: "found" | "changed" | "quoted";
  comments: number;
}

/** A passage that stands on this page. */
export interface Placed extends Place {
  passage: Passage;
}

/** A panel with the talk about passages. Of several the reader chooses one. */
export interface Opening {
  about: (About & { comments?: number })[];
  /** The comment to go to. */
  comment?: string;
  /** Where it goes: the layer's root. */
  into: ShadowRoot;
  /** How wide it is beside the text, in px, and on which side; null = over the page. */
  beside: { width: number; left: boolean } | null;
  /** Called when the reader turns to one of several. */
  turned(about: About): void;
  closed(): void;
}

/** The panel part. It gives what closes the panel. */
export type Talk = (opening: Opening) => () => void;
