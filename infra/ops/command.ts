import type { Access } from "./access.ts";
import type { OperatorAnswer, OperatorCall } from "./client.ts";

/** What a command line may say: an option's name, and whether it must be there. */
export type Options = Record<string, { required?: boolean; flag?: boolean; about: string }>;

export type Given = { options: Record<string, string | undefined>; argument: string };

/** One command: its words, what it takes, and what it does. */
export type Command = OneCall | ManyCalls;

/** The call it makes. */
export type OneCall = Words & {
  call: (given: Given) => Promise<OperatorCall> | OperatorCall;
  /** For work that is done a page at a time: the call for the next page. The answers' `results` are printed as one list. */
  next?: (call: OperatorCall, body: unknown) => OperatorCall | undefined;
  run?: never;
};

/** Several calls that depend on each other, and the answer that counts. */
type ManyCalls = Words & {
  run: (given: Given, send: (call: OperatorCall) => Promise<OperatorAnswer>, access: Access) => Promise<OperatorAnswer>;
  call?: never;
};

type Words = {
  /** Its one argument; in brackets when it may be left out. */
  argument?: string;
  options: Options;
};
