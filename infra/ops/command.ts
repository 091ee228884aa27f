import type { OperatorCall } from "./client.ts";

/** What a command line may say: an option's name, and whether it must be there. */
export type Options = Record<string, { required?: boolean; flag?: boolean; about: string }>;

export type Given = { options: Record<string, string | undefined>; argument: string };

/** One command: its words, what it takes, and the call it makes. */
export type Command = {
  /** Its one argument; in brackets when it may be left out. */
  argument?: string;
  options: Options;
  call: (given: Given) => Promise<OperatorCall> | OperatorCall;
  /** For work that is done a page at a time: the call for the next page. The answers' `results` are printed as one list. */
  next?: (call: OperatorCall, body: unknown) => OperatorCall | undefined;
};
