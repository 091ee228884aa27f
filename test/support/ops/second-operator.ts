import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { type OperatorAnswer, type OperatorCall, operatorClient } from "../../../infra/ops/client.ts";
import { iamUser } from "../engine/iam-user.ts";

/** Somebody else with permission to operate: an IAM user of their own, who may call the operator API and nothing else. */
export async function secondOperator(stack: LocalStack): Promise<(call: OperatorCall) => Promise<OperatorAnswer>> {
  const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
  const credentials = await iamUser(stack, { statement });
  return operatorClient({ apiUrl: stack.apiUrl, region: stack.region, credentials });
}
