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
  form: Parsed<O["form"], Record<string, never>>;
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
export type Answer<Body = unknown> = {
  body: Body;
  next?: string | number | null;
  status?: number;
  headers?: Record<string, string>;
  raw?: boolean;
};

/** Answers with what a use case gave back, or refuses as it did. */
export const answer = <Body>(result: Result<Body>): Result<Answer<Body>> =>
  result.ok ? ok({ body: result.value }) : result;

/** What our own code hands over to be sent. It may be what nobody may change any more. */
type Given<T> = T extends readonly (infer One)[]
  ? readonly Given<One>[]
  : T extends object
    ? { readonly [Name in keyof T]: Given<T[Name]> }
    : T;

/** What an operation's answer must hold, by its schema. Where a page ends the shell says. */
export type BodyOf<O extends Operation> = Given<
  O extends { pages: RegExp } ? Omit<z.input<O["answer"]["schema"]>, "nextCursor"> : z.input<O["answer"]["schema"]>
>;

/** An operation that is audited may answer with an act, which the shell does after it is on record. */
type Answered<O extends Operation> = O extends { audit: object }
  ? Answer<BodyOf<O>> | Act<BodyOf<O>>
  : Answer<BodyOf<O>>;

export type Handler<O extends Operation, Caller> = (
  request: RequestOf<O>,
  caller: Caller,
) => Promise<Result<Answered<O>>>;

/** The handlers of a function, one for each of its operations. */
export type Handlers<O extends Operations, Caller> = { readonly [Id in keyof O]: Handler<O[Id], Caller> };
