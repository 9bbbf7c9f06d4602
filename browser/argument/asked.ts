import type { Written } from "../conversation/types";

/** A question as everybody may read it. */
export interface Asked {
  version: number;
  text: string;
  state: "open" | "closed" | "settled";
  steps: { step: string; name: string; from: number; to: number }[];
}

/** The signed-in reader's own part in it. */
export interface Own {
  id: string;
  answered: boolean;
  step: string | null;
  follows: boolean;
  /** The answers that reasons came with, by comment; empty while they are hidden from the reader. */
  reasons: Record<string, string>;
}

/** What readers think together. */
export interface Together {
  words: string;
  step: string;
  readers: number;
  svg: string;
}

/** The answer to answering; with a comment when a reason was given. */
export type Answered = Partial<Written>;
