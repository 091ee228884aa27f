import { operations } from "../../functions/operator/operations.ts";
import type { Operation } from "../../functions/runtime/operation.ts";
import { fieldErrors } from "../../functions/runtime/parse.ts";
import type { FieldError } from "../../shared/kernel/problem.ts";
import type { OperatorCall, Send } from "./client.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** Fields of a call are not as they should be. Nothing was sent. */
export class WrongFields extends WrongUsage {
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[]) {
    super("Some options are not as they should be.");
    this.errors = errors;
  }
}

/** Checks a call with the schemas that the API checks it with, before it is sent. Throws `WrongFields`. */
export function checkCall(call: OperatorCall): void {
  const found = operationOf(call);
  if (found === undefined) return;
  const { operation, params } = found;
  const body = call.json === undefined ? undefined : (JSON.parse(JSON.stringify(call.json)) as unknown);
  const parts = [
    [operation.params, params, "/path"],
    [operation.query, call.query ?? {}, "/query"],
    [operation.body, body, ""],
  ] as const;
  const errors = parts.flatMap(([schema, value, root]) => {
    const parsed = schema?.safeParse(value);
    return parsed?.error?.issues.flatMap((issue) => fieldErrors(issue, root)) ?? [];
  });
  if (errors.length > 0) throw new WrongFields(errors);
}

/** Sends only what the schemas take. */
export const checkedSender =
  (send: Send): Send =>
  async (call) => {
    checkCall(call);
    return send(call);
  };

function operationOf({ method, path }: OperatorCall): { operation: Operation; params: object } | undefined {
  for (const operation of Object.values<Operation>(operations)) {
    if (operation.method !== method) continue;
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const values = new RegExp(`^${operation.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "([^/]*)")}$`).exec(
      path,
    );
    if (values === null) continue;
    const params = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at + 1] ?? "")]));
    return { operation, params };
  }
  return undefined;
}
