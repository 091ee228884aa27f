import type { LocalStack } from "../local/stack-file.ts";
import type { Access } from "./access.ts";
import type { OperatorAnswer, OperatorCall, Send } from "./client.ts";
import type { Said } from "./money.ts";

/** What a command line may say: an option's name, and whether it must be there. */
export type Options = Record<string, Option>;

export type Option = {
  required?: boolean;
  flag?: boolean;
  about: string;
  /** The pointers of the wire's fields that it fills. Unless said, it is the field of its own name. */
  fields?: readonly string[];
  /** All values that it may have. Any other one is refused before anybody is called. */
  choices?: readonly string[];
  /** Whether it takes several of them, with commas between. */
  many?: true;
  /** It is about what the command itself does, and fills no field. */
  local?: true;
  /** Values that it mostly has: when the API refuses another one, the nearest of them is proposed. */
  usual?: readonly string[];
};

export type Given = { options: Record<string, string | undefined>; argument: string };

/** One command: its words, what it takes, and what it does. */
export type Command = OneCall | ManyCalls | OnLocalStack | Printed;

/** The call it makes. */
export type OneCall = Words & {
  call: (given: Given) => Promise<OperatorCall> | OperatorCall;
  /** For work that is done a page at a time: the call for the next page. The answers' `results` are printed as one list. */
  next?: (call: OperatorCall, body: unknown) => OperatorCall | undefined;
  run?: never;
  onLocalStack?: never;
  print?: never;
};

/** Several calls that depend on each other, and the answer that counts. */
type ManyCalls = Words & {
  run: (given: Given, send: Send, access: Access) => Promise<OperatorAnswer>;
  call?: never;
  onLocalStack?: never;
  print?: never;
};

/** Something that is possible with a stack on this machine alone. It calls nobody. */
type OnLocalStack = Words & {
  onLocalStack: (given: Given, stack: LocalStack) => Promise<OperatorAnswer>;
  call?: never;
  run?: never;
  print?: never;
};

/** Something about the command line itself. It calls nobody, and knows no stack. */
type Printed = Words & {
  print: (commands: Readonly<Record<string, Command>>) => string;
  call?: never;
  run?: never;
  onLocalStack?: never;
};

/** What is asked on a terminal before it is done: for what can't be undone. */
export type Asks = {
  /** Whether this command line can't be undone; always, unless it says. */
  isDue?: (given: Given) => boolean;
  /** Whether it is about things that it does not name one by one: then a script must say `--yes`. */
  isBulk?: (given: Given) => boolean;
  /** What it would do, in a sentence, with how many codes or how much money. */
  effect: (given: Given, send: Send) => Promise<string> | string;
};

type Words = {
  /** The amounts of money that a command line names. They are echoed, and a terminal is asked about those below one. */
  amounts?: ((given: Given, send: Send) => Promise<Said[]> | Said[]) | undefined;
  /** Makes or moves something once for each Idempotency-Key: it is printed before it is sent, and taken again with `--key`. */
  takesKey?: true;
  asks?: Asks;
  /** What the answer tells apart from done and refused: lines that were refused, or a second person who must decide the same. */
  answers?: "by line" | "by a second person";
  /** What it does, in a sentence. */
  summary?: string;
  /** What the table of a list shows, by dotted names; all, unless it says. */
  columns?: readonly string[];
  /** Its one argument; in brackets when it may be left out. */
  argument?: string;
  options: Options;
};
