import createMiddy, { type MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { correlated } from "../../shared/kernel/correlation.ts";
import { ok, PROBLEMS, type Refusal, type Result, refuse } from "../../shared/kernel/problem.ts";
import { isBusy } from "./busy.ts";
import type { Authenticate } from "./callers.ts";
import { whileSalesAreClosed } from "./closed-sales.ts";
import { cursorTo } from "./cursor.ts";
import { nothingFor } from "./elsewhere.ts";
import type { Answer, Handler, Handlers, RequestOf } from "./handler.ts";
import type { Remember } from "./idempotency.ts";
import { kebab } from "./kebab.ts";
import { errorName, log } from "./log.ts";
import { countFailure } from "./metrics.ts";
import type { Operation, Operations } from "./operation.ts";
import { parseRequest } from "./parse.ts";
import { problemAnswer } from "./problem-answer.ts";
import { isAct, type Recorder } from "./record.ts";
import { requestIdOf } from "./request-id.ts";

type Event = APIGatewayProxyEventV2;
type Http = APIGatewayProxyStructuredResultV2;

/** What a shell does for all operations of a function; notes of keys and records of acts are for those that want them. */
type ShellParts<Caller> = {
  authenticate: Authenticate<Caller>;
  /** Hears that a caller has asked for an id which leads nowhere; what it gives back is answered instead. */
  onMissing?: (caller: Caller) => Promise<Refusal | undefined>;
  remember?: Remember;
  record?: Recorder<Caller>;
  /** Writes what is refused, where that is no JSON: a page for people. */
  writeRefusal?: (refusal: Refusal, event: Event) => Http;
  /** What other functions answer: of their addresses this one knows which methods they take. */
  known?: Operations;
  /** Hears of each request that is refused by a 4xx: by a handler, or before one, because it is too large or can't be read. */
  onRefused?: (code: Refusal["code"]) => void;
};

type Wants<O extends Operations, Feature, Part> = [Extract<O[keyof O], Feature>] extends [never] ? object : Part;

/** The shell that these operations need: one that remembers keys where one of them is remembered, and records where one is audited. */
type ShellFor<O extends Operations, Caller> = ShellParts<Caller> &
  Wants<O, { idempotent: "remembered" }, { remember: Remember }> &
  Wants<O, { audit: object }, { record: Recorder<Caller> }>;

/**
 * Makes the Lambda handler of a function that answers some operations, each on its route. For every request it authenticates the
 * caller, parses, notes the Idempotency-Key, runs the operation's handler, records its act, and answers. Whatever goes wrong
 * becomes problem+json that tells nothing of the inside.
 */
export function httpFunction<O extends Operations, Caller>(
  name: string,
  operations: O,
  shell: ShellFor<O, Caller>,
  handlers: Handlers<O, Caller>,
) {
  const routes = new Map(
    Object.entries(operations).map(([id, operation]) => {
      const handle = handlers[id] as Handler<Operation, Caller>;
      return [
        `${operation.method} ${operation.path}`,
        { ...(shell as ShellParts<Caller>), id: kebab(id), operation, handle },
      ];
    }),
  );
  const nameOf = (event: Event): string => routes.get(event.routeKey)?.id ?? name;
  const answering = createMiddy<Event, Http>()
    .use(refusalsAsAnswers(name, nameOf, shell as ShellParts<Caller>))
    .handler(async (event): Promise<Http> => {
      const route = routes.get(event.routeKey);
      if (route === undefined) {
        const { refusal, headers } = nothingFor(event, (shell as ShellParts<Caller>).known ?? operations);
        throw new Refused(refusal, headers);
      }
      const headers: Record<string, string> = {};
      const answer = await answerTo(event, route, headers);
      if (!answer.ok) throw new Refused(answer, headers);
      return send(answer.value, route.operation, { "X-Request-Id": requestIdOf(event), ...headers });
    });
  // A caller's id may have characters that no log takes: then it is API Gateway's.
  return (event: Event, context: Context): Promise<Http> =>
    correlated(event.requestContext.requestId, () => correlated(requestIdOf(event), () => answering(event, context)));
}

/** An operation on its route, with its handler and the parts of its shell. */
type Route<Caller> = ShellParts<Caller> & { id: string; operation: Operation; handle: Handler<Operation, Caller> };

/** Answers a request; `headers` are filled with those that every answer to it has. */
async function answerTo<Caller>(
  event: Event,
  route: Route<Caller>,
  headers: Record<string, string>,
): Promise<Result<Answer>> {
  const { operation, authenticate, onMissing } = route;
  const caller = await authenticate(event, operation, headers);
  if (!caller.ok) return caller;
  const answer = await answerWho(event, route, caller.value);
  if (answer.ok || answer.code !== "not_found" || operation.params === undefined) return answer;
  return (await onMissing?.(caller.value)) ?? answer;
}

async function answerWho<Caller>(event: Event, route: Route<Caller>, caller: Caller): Promise<Result<Answer>> {
  const { id, operation, remember } = route;
  const open = whileSalesAreClosed(operation);
  if (!open.ok) return open;
  const request = parseRequest(operation, event);
  if (!request.ok) return request;
  if (operation.idempotent !== "remembered") return run(route, request.value, caller);
  if (remember === undefined) throw new Error(`nobody remembers the keys of ${id}`);
  const noted = await remember(id, request.value, caller);
  if (!noted.ok) return noted;
  const answer = await run(route, request.value, caller);
  if (!answer.ok) await noted.value.refused(answer);
  if (!answer.ok || !noted.value.isRepeat) return answer;
  return ok({ ...answer.value, headers: { ...answer.value.headers, "Idempotent-Replayed": "true" } });
}

/** Runs the handler. What it gives back is an answer, or an act that is done on record. */
async function run<Caller>(
  { operation: { audit }, handle, record }: Route<Caller>,
  request: RequestOf<Operation>,
  caller: Caller,
): Promise<Result<Answer>> {
  const answer = await handle(request, caller);
  if (!answer.ok) return answer;
  if (!isAct(answer.value)) return ok(answer.value);
  if (record === undefined || audit === undefined) throw new Error("an act needs an operation that is audited");
  return record(audit, request, caller, answer.value);
}

/** Carries a refusal to the edge; only the shell throws it, and only to itself. */
class Refused extends Error {
  readonly refusal: Refusal;
  readonly headers: Record<string, string>;
  constructor(refusal: Refusal, headers: Record<string, string> = {}) {
    super(refusal.code);
    this.refusal = refusal;
    this.headers = headers;
  }
}

function refusalsAsAnswers(
  name: string,
  operationOf: (event: Event) => string,
  { writeRefusal, onRefused }: Pick<ShellParts<unknown>, "writeRefusal" | "onRefused">,
): MiddlewareObj<Event, Http> {
  return {
    onError: (request) => {
      const { error, event } = request;
      const requestId = requestIdOf(event);
      const operation = operationOf(event);
      const refusal = asRefusal(error);
      const headers = error instanceof Refused ? error.headers : {};
      const answer = writeRefusal?.(refusal, event) ?? problemAnswer(refusal, requestId, headers);
      if (refusal.code === "internal") {
        log("request_failed", { operation, requestId, error: errorName(error) }, error);
        countFailure(name);
      } else log("request_refused", { operation, requestId, code: refusal.code, status: answer.statusCode ?? 0 });
      if (PROBLEMS[refusal.code].status < 500) onRefused?.(refusal.code);
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

/** Where what was made is found: its address, with the names in braces as the answer has them. */
function locationOf({ status, body }: Answer, { answer }: Operation): Record<string, string> {
  if (answer.location === undefined || (status ?? answer.status) !== 201) return {};
  const made = body as Record<string, unknown>;
  return { Location: answer.location.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(made[name])) };
}

function send(answer: Answer, operation: Operation, more: Record<string, string>): Http {
  const headers = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    ...more,
    ...locationOf(answer, operation),
    ...answer.headers,
  };
  const page = operation.pages === undefined ? {} : { nextCursor: cursorTo(answer.next ?? null) };
  const body = answer.raw === true ? String(answer.body) : JSON.stringify(Object.assign({}, answer.body, page));
  return { statusCode: answer.status ?? operation.answer.status, headers, body };
}
