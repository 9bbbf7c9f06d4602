// The JSON of /api/v1 as far as the page reads it. Ids are strings; times are RFC 3339 in UTC.

/** The reader who is signed in. */
export interface Reader {
  id: string;
  name: string;
  badge: string;
  initials: string;
  confirmed: boolean;
  hidden: boolean;
  roles: string[];
}

/** What the signed-in reader has marked in one story. `hidden` takes in `muted` and, unlabelled, blocked. */
export interface Marks {
  recommended: string[];
  following: string[];
  threads: string[];
  story: boolean;
  muted: string[];
  hidden: string[];
}

/** A comment, as far as the page needs it beside its HTML. */
export interface Comment {
  id: string;
  story: string;
  thread: string;
  parent: string | null;
  state: string;
  body: string;
}

/** Words of the story's text that a comment is about: a passage that readers talk about already, or one they
 * have just chosen, with the text around it and where it stands (code points). */
export interface About {
  id?: string;
  exact: string;
  prefix?: string;
  suffix?: string;
  start?: number;
  end?: number;
}

/** An answer that made or changed a comment. */
export interface Written {
  comment: Comment;
  html: string;
  revision?: number;
}

/** The answer to GET me. */
export interface Me {
  reader: Reader | null;
  unread: number;
  marks: Marks | null;
  own: Written[];
}

/** Me of somebody who is not signed in. */
export const nobody: Me = { reader: null, unread: 0, marks: null, own: [] };
