import type { ProviderDeps } from "../../../shared/payments/providers.ts";

/** A parameter store of this process: what was put last is what is read. */
export function parameters(): ProviderDeps["ssm"] {
  const values = new Map<string, string>();
  const send = ({ input }: { input: { Name: string; Value?: string } }) => {
    if (input.Value !== undefined) values.set(input.Name, input.Value);
    return Promise.resolve({ Parameter: { Value: values.get(input.Name) } });
  };
  return { send } as unknown as ProviderDeps["ssm"];
}
