/** Begins payments at the simulated provider: the part of its adapter that place-order needs. */
import * as z from "zod";
import type { Secrets, StartingProtocol, StartOutcome } from "../contract.ts";
import { type Answered, clientOf, refusalIn } from "./client.ts";
import { paymentSchema } from "./wire.ts";

const Credentials = z.strictObject({ apiKey: z.string().min(1).max(500), webhookSecret: z.string().min(1).max(500) });
export type SimulatedCredentials = z.infer<typeof Credentials>;
export type SimulatedSecrets = Secrets<SimulatedCredentials>;

export const simulatedStart: StartingProtocol<SimulatedCredentials> = {
  credentials: Credentials,
  isSimulated: true,
  flows: { page: [], qr: [] },
  starter(settings, credentials) {
    const { post } = clientOf(settings, credentials);
    return {
      async start(charge) {
        const { id: reference, amount, expiresAt, flow = "page" } = charge;
        const { notificationUrl } = settings;
        const said = { reference, ...amount, flow, ...(expiresAt === undefined ? {} : { expiresAt }) };
        const answer = await post("/v1/payments", notificationUrl === undefined ? said : { ...said, notificationUrl });
        return answer.kind === "answered" ? started(answer, flow) : answer;
      },
    };
  },
};

function started(answer: Answered, flow: string): StartOutcome {
  const payment = paymentSchema.safeParse(answer.value);
  if ((answer.status !== 200 && answer.status !== 201) || !payment.success) return refusalIn(answer);
  const { id: providerPaymentId, url } = payment.data;
  return { kind: "pending", providerPaymentId, checkout: flow === "qr" ? { qr: url } : { url } };
}
