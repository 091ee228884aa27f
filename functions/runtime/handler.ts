import type * as z from "zod";
import { ok, type Result } from "../../shared/kernel/problem.ts";
import type { Operation, Operations } from "./operation.ts";
import type { Act } from "./record.ts";

type Parsed<T, Otherwise> = T extends z.ZodType ? z.output<T> : Otherwise;

/** What an operation's handler gets. It is parsed already: a request that does not parse is refused by the shell. */
export type RequestOf<O extends Operation> = {
  params: Parsed<O["params"], Record<string, never>>;
  query: Parsed<O["query"], Record<string, never>>;
  body: Parsed<O["body"], undefined>;
  text: string;
  headers: Record<string, string | undefined>;
  /** Where the page starts, of a call that answers pages; undefined: at the first. */
  after: string | undefined;
  /** "" where none is asked for. */
  idempotencyKey: string;
  requestId: string;
  sourceIp: string;
};

/**
 * What a handler gives back: the body to be sent as JSON, or a whole answer of its own. `next`: where the page of a list ended, or
 * null after the last; the shell makes the body's `nextCursor` of it.
 */
export type Answer = {
  body: unknown;
  next?: string | number | null;
  status?: number;
  headers?: Record<string, string>;
  raw?: boolean;
};

/** Answers with what a use case gave back, or refuses as it did. */
export const answer = (result: Result<unknown>): Result<Answer> => (result.ok ? ok({ body: result.value }) : result);

/** An operation that is audited may answer with an act, which the shell does after it is on record. */
type Answered<O extends Operation> = O extends { audit: object } ? Answer | Act : Answer;

export type Handler<O extends Operation, Caller> = (
  request: RequestOf<O>,
  caller: Caller,
) => Promise<Result<Answered<O>>>;

/** The handlers of a function, one for each of its operations. */
export type Handlers<O extends Operations, Caller> = { readonly [Id in keyof O]: Handler<O[Id], Caller> };
