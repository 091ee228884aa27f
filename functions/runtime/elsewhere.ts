import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type Refusal, refuse } from "../../shared/kernel/problem.ts";
import type { Operations } from "./operation.ts";

/**
 * Refuses a request that no route leads to. If its path is that of known operations, the method is what is wrong, and the answer says
 * which ones it may have (RFC 9110, 15.5.6).
 */
export function nothingFor(
  { rawPath }: Pick<APIGatewayProxyEventV2, "rawPath">,
  known: Operations,
): { refusal: Refusal; headers: Record<string, string> } {
  const here = Object.values(known).filter(({ path }) => isLike(path, rawPath));
  if (here.length === 0) return { refusal: refuse("not_found", "There is nothing at this address."), headers: {} };
  const methods = [...new Set(here.map(({ method }) => method))].join(", ");
  return {
    refusal: refuse("method_not_allowed", `This address takes ${methods}.`),
    headers: { Allow: methods },
  };
}

const isLike = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
