import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Printable ASCII without spaces, short enough for every log line and record. */
const ACCEPTABLE = /^[\x21-\x7e]{1,128}$/;

/** Names a request in logs, records and answers: as its caller does in `X-Request-Id`, otherwise as API Gateway does. */
export function requestIdOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  const said = headers["x-request-id"];
  return said !== undefined && ACCEPTABLE.test(said) ? said : requestContext.requestId;
}
