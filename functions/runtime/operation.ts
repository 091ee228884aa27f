import type * as z from "zod";
import type { Scope } from "../../shared/channels/table.ts";
import type { ProblemCode } from "../../shared/kernel/problem.ts";
import type { Needs } from "./needs.ts";
import type { Commands } from "./words.ts";

/**
 * One call of the API, described once. The gateway's route, the check of the request, the OpenAPI document, the function's role
 * and environment, and what goes on the audit trail are all made from it.
 */
export type Operation = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With parameters in braces, as both API Gateway and OpenAPI write them. */
  path: string;
  summary: string;
  /** What it is called on the operators' command line. */
  command?: Commands;
  /** What a caller must know beside the summary. */
  description?: string;
  /** Where it stands in the document, if not under its domain. */
  tag?: string;
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
  /**
   * The call answers a page of a list. This is the shape of the place where a page ends, which its cursor hides: the shell takes no
   * cursor that could not have come from us. The cursor is a field of the query, or of the body.
   */
  pages?: RegExp;
  /** The fields of a form that a page posts, instead of a body in JSON. */
  form?: z.ZodObject;
  /** Another body than JSON, taken as text. */
  text?: { contentType: string; limit: number };
  /**
   * `or`: another status that it may have, with the same schema. `location`: where what was made is found, for a 201; names in braces
   * are members of the answer.
   */
  answer: {
    status: number;
    description: string;
    schema: z.ZodType;
    or?: { status: number; description: string };
    location?: string;
  };
  /** The refusals that this call has of its own; all calls share those of the shell. */
  refusals?: readonly ProblemCode[];
  /** What its handler needs. The shell's own needs are added by `needsOf`. */
  needs: Needs;
  /**
   * What the shell puts on the audit trail before the handler's act is done. `action` and `subject` may name values in braces: of
   * the path, of the body, or of those that the handler gives with its act.
   */
  audit?: { action: string; subject: string };
};

/** The operations that one function answers, by their names. */
export type Operations = Readonly<Record<string, Operation>>;
