import type * as z from "zod";
import type { Scope } from "../../shared/channels/keys.ts";
import type { ProblemCode } from "../../shared/kernel/problem.ts";

/**
 * One call of the API, described once: the gateway's route, the check of the request, and the OpenAPI document are all
 * made from it.
 */
export type Operation = {
  method: "GET" | "POST" | "DELETE";
  /** With parameters in braces, as both API Gateway and OpenAPI write them. */
  path: string;
  summary: string;
  /** What the API key must be allowed to do. Operators come with IAM instead, suppliers with a signature. */
  scope?: Scope;
  /**
   * Creates or moves something, so it needs an Idempotency-Key. `remembered`: the shell notes what the key was used for, and refuses
   * another request under it. `by_itself`: what the call makes or moves says so, without a write more.
   */
  idempotent?: "remembered" | "by_itself";
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Another body than JSON, taken as text. */
  text?: { contentType: string; limit: number };
  answer: { status: number; description: string; schema: z.ZodType };
  /** The refusals that this call has of its own; all calls share those of the shell. */
  refusals?: readonly ProblemCode[];
};

type Parsed<T, Otherwise> = T extends z.ZodType ? z.output<T> : Otherwise;

/** What an operation's handler gets: parsed, or it would not be called. */
export type RequestOf<O extends Operation> = {
  params: Parsed<O["params"], Record<string, never>>;
  query: Parsed<O["query"], Record<string, never>>;
  body: Parsed<O["body"], undefined>;
  text: string;
  headers: Record<string, string | undefined>;
  /** "" where none is asked for. */
  idempotencyKey: string;
  requestId: string;
  sourceIp: string;
};
