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
  /** The version of the served text that start and end count in; 0 = the forum holds no text. */
  version: number;
  comments: number;
}

/** A passage that stands on this page. */
export interface Placed extends Place {
  passage: Passage;
}

/** A passage as far as the panel needs it. */
export type Known = About & { comments?: number };

/** A panel with the talk about passages. Of several the reader chooses one. */
export interface Opening {
  about: Known[];
  /** The comment to go to; "" = none. */
  comment: string;
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
