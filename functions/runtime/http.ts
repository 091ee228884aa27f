import createMiddy, { type MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type Refusal, type Result, refuse } from "../../shared/kernel/problem.ts";
import { isBusy } from "./busy.ts";
import type { Remember } from "./idempotency.ts";
import { errorName, log } from "./log.ts";
import { countFailure } from "./metrics.ts";
import type { Operation, RequestOf } from "./operation.ts";
import { parseRequest } from "./parse.ts";
import { problemAnswer } from "./problem-answer.ts";

/** What a handler gives back: the body to be sent as JSON, or a whole answer of its own. */
export type Answer = { body: unknown; status?: number; headers?: Record<string, string>; raw?: boolean };

type Event = APIGatewayProxyEventV2;
type Http = APIGatewayProxyStructuredResultV2;

/**
 * The shell of every HTTP function: parse, authenticate, handle, answer. Whatever goes wrong becomes problem+json that
 * tells nothing of the inside.
 */
export function httpFunction<O extends Operation, Caller>(
  name: string,
  operation: O,
  authenticate: (event: Event, operation: Operation) => Promise<Result<Caller>>,
  handle: (request: RequestOf<O>, caller: Caller) => Promise<Result<Answer>>,
  ...remember: O["idempotent"] extends "remembered" ? [Remember] : []
) {
  return createMiddy<Event, Http>()
    .use(refusalsAsProblems(name))
    .handler(async (event): Promise<Http> => {
      const caller = await authenticate(event, operation);
      if (!caller.ok) throw new Refused(caller);
      const request = parseRequest(operation, event);
      if (!request.ok) throw new Refused(request);
      const noted = await remember[0]?.(name, request.value, caller.value);
      if (noted?.ok === false) throw new Refused(noted);
      const answer = await handle(request.value, caller.value);
      if (!answer.ok) {
        await noted?.value(answer);
        throw new Refused(answer);
      }
      return send(answer.value, operation.answer.status, event.requestContext.requestId);
    });
}

/** Carries a refusal to the edge; only the shell throws it, and only to itself. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

function refusalsAsProblems(operation: string): MiddlewareObj<Event, Http> {
  return {
    onError: (request) => {
      const { error } = request;
      const { requestId } = request.event.requestContext;
      const refusal = asRefusal(error);
      const answer = problemAnswer(refusal, requestId);
      if (refusal.code === "internal") {
        log("request_failed", { operation, requestId, error: errorName(error) }, error);
        countFailure(operation);
      } else log("request_refused", { operation, requestId, code: refusal.code, status: answer.statusCode ?? 0 });
      request.response = answer;
    },
  };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  if (isBusy(error)) return refuse("busy", "The system is busy; repeat the request with the same Idempotency-Key.");
  return refuse(
    "internal",
    "The request failed; repeat it with the same Idempotency-Key, or ask support with the requestId.",
  );
}

function send(answer: Answer, status: number, requestId: string): Http {
  const headers = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Request-Id": requestId,
    ...answer.headers,
  };
  const body = answer.raw === true ? String(answer.body) : JSON.stringify(answer.body);
  return { statusCode: answer.status ?? status, headers, body };
}
