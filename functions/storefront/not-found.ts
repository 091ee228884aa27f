import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { refuse } from "../../shared/kernel/problem.ts";
import { problemAnswer } from "../runtime/problem-answer.ts";

/** Every route that is not one of ours: an HTTP API has no answers of its own to shape. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
  problemAnswer(refuse("not_found", "There is nothing at this address."), event.requestContext.requestId);
