import { isDeepStrictEqual } from "node:util";
import { operations } from "../../../functions/operator/operations.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";

/** The operation of operators that a call is answered by: of two whose paths fit, the one with fewer parameters. */
function operatorCall(method: string, path: string): Operation | undefined {
  const fits = (operation: Operation): boolean =>
    operation.method === method && new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
  const parameters = ({ path }: Operation): number => path.split("{").length;
  return Object.values<Operation>(operations)
    .filter(fits)
    .toSorted((a, b) => parameters(a) - parameters(b))[0];
}

/** Throws unless an answer is what its operation says: every member as described, and no other. */
export function expectTrue({ answer, path }: Operation, body: unknown): void {
  const parsed = answer.schema.safeParse(body);
  const wrong = parsed.error?.issues.map((issue) => `/${issue.path.map(String).join("/")}: ${issue.message}`) ?? [];
  if (parsed.success && !isDeepStrictEqual(parsed.data, body)) wrong.push("has members that are not described");
  if (wrong.length > 0) throw new Error(`${path} is not answered as described: ${wrong.join("; ")}`);
}

/** The same, of a call by its method and path. A call that no operation answers has nothing to be true to. */
export function expectTrueTo(method: string, path: string, body: unknown): void {
  const operation = operatorCall(method, path);
  if (operation !== undefined) expectTrue(operation, body);
}
