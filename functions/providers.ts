import { ssmClient } from "./runtime/dependencies.ts";
import { environment } from "./runtime/env.ts";

/** Gives what use cases take to speak to payment providers, beside the tables. */
export const providersBy = ({ PAYMENT_SECRETS_PREFIX }: { PAYMENT_SECRETS_PREFIX: string }) => ({
  ssm: ssmClient(),
  paymentSecretsPrefix: PAYMENT_SECRETS_PREFIX,
  environmentName: environment(),
});
