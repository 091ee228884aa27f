/**
 * What an operation is called on the operators' command line. All that is not said here is made from its schemas: each member of the
 * path, the query and the body is an option, with its type, its choices and its description.
 */
export type Words = {
  /** Noun and verb: `products list`. */
  is: string;
  /** What it does, if that is not what the operation does: it makes several calls of it, or says a part of it. */
  summary?: string;
  /** The member that stands behind the verb by itself, without an option. */
  argument?: string;
  /** Members, by their dotted names, that are called or explained otherwise than in JSON. `false`: no option. */
  options?: Readonly<Record<string, OptionWords | false>>;
  /** Members of the body that the verb says. */
  fixed?: Readonly<Record<string, unknown>>;
  /** The members of a list that its table shows, by their dotted names. All of them, unless it says. */
  columns?: readonly string[];
  /** What it would do, if that can't be undone: a terminal is asked first. Options in braces stand for what was said. */
  effect?: string;
  /** Code of its own does it, for this reason. */
  own?: string;
};

export type OptionWords = {
  as?: string;
  about?: string;
  /** Two flags instead of yes and no: its own name, and this one for no. */
  opposite?: string;
  /** The name of a pool of stock; its owner says it too. */
  pool?: true;
  /** Values that it mostly has. */
  usual?: readonly string[];
};

/** The commands of an operation, or why it has none. */
export type Commands = Words | readonly Words[] | { none: string };
