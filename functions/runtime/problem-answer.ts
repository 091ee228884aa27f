import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { PROBLEMS, type ProblemCode, type Refusal } from "../../shared/kernel/problem.ts";

/** The address of the page about a problem, which is its `type`. It is relative: who asks for it knows our host (RFC 9457, 3.1.1). */
export const problemType = (code: ProblemCode): string => `/docs/problems/${code}`;

/** A refusal as RFC 9457 problem details. */
export function problemAnswer(
  refusal: Refusal,
  requestId: string,
  more: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const { status, title } = PROBLEMS[refusal.code];
  const { code, detail, errors } = refusal;
  const body = { type: problemType(code), title, status, detail, code, requestId, errors };
  const wait = refusal.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  const extra: Record<string, string> = {
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(wait === undefined ? {} : { "Retry-After": String(wait) }),
  };
  return {
    statusCode: status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Request-Id": requestId,
      ...extra,
      ...more,
    },
    body: JSON.stringify(body),
  };
}
