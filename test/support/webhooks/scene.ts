import type { Told } from "../../../shared/events/event.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import type { Called } from "../../../shared/webhooks/call.ts";
import { deliverEvent } from "../../../shared/webhooks/deliveries.ts";
import { createEndpoint } from "../../../shared/webhooks/endpoints.ts";
import { signingKeys, WEBHOOK_CONTEXT } from "../../../shared/webhooks/secrets.ts";
import { type SendDeps, serveEndpoint } from "../../../shared/webhooks/send.ts";
import { sweepWebhooks } from "../../../shared/webhooks/sweep.ts";
import type { EndpointName } from "../../../shared/webhooks/table.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { valueOf } from "../value-of.ts";

/** What a receiver got: the event's id and the number among those of its subject. */
export type Got = {
  id: string;
  subject: string;
  number: number;
  headers: Readonly<Record<string, string>>;
  body: string;
};

/** Webhooks on a clock of their own, with one receiver whose answers the scene chooses. `got`: what it has got before. */
export function webhookScene({ deps }: Pick<Everything, "deps">, got: Got[] = []) {
  let now = Date.parse("2026-03-01T00:00:00.000Z");
  const woken: { name: EndpointName; subject?: string | undefined }[] = [];
  const disabled: string[] = [];
  /** Those of this scene: others share its tables. */
  const own = new Set<string>();
  /** What it answers. */
  let answer: (got: Got) => Called | Promise<Called> = () => ({ status: 200, answer: "taken", tookMs: 1 });
  const all = {
    ...deps,
    clock: () => new Date(now),
    allowed: () => [],
    sealSecret: sealer({ kms: deps.kms, keyId: "webhooks", context: WEBHOOK_CONTEXT }),
    wake: async (name: EndpointName, subject?: string) => void woken.push({ name, subject }),
  };
  const sending: SendDeps = {
    ...all,
    keysFor: (endpoint, at) => signingKeys({ kms: deps.kms, keyId: "webhooks" }, endpoint, at),
    referenceOf: async () => undefined,
    onDisabled: async ({ endpointId }, reason) => void disabled.push(`${endpointId} ${reason}`),
    chance: () => 1,
    post: async (_url, headers, body) => {
      const { data } = JSON.parse(body) as { data: { id: string; number?: number } };
      const one = { id: headers["webhook-id"] ?? "", subject: data.id, number: data.number ?? 0, headers, body };
      got.push(one);
      return answer(one);
    },
  };
  return {
    deps: all,
    sending,
    got,
    woken,
    disabled,
    answerWith: (with_: typeof answer): void => {
      answer = with_;
    },
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
    endpoint: async (channelId: string, events?: readonly string[]) => {
      const made = valueOf(
        await createEndpoint(all, channelId, { url: "https://shop.example/", events }, crypto.randomUUID()),
      );
      const { endpointId } = made.endpoint;
      own.add(endpointId);
      return { ...made, name: { channelId, endpointId } };
    },
    /** Tells of events of an order with these numbers. */
    tell: async (channelId: string, subject: string, ...numbers: number[]): Promise<void> => {
      for (const number of numbers) {
        const event: Told = {
          id: `evt_${subject}${number}`,
          type: "order.paid",
          number,
          at: all.clock().toISOString(),
          v: 1,
          orderId: subject,
          channelId,
        };
        await deliverEvent(all, event, subject);
      }
    },
    serve: (name: EndpointName, subject?: string) => serveEndpoint(sending, name, subject),
    /** Lets so much time pass, minute by minute, with the schedule and the senders that it wakes. */
    run: async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 60) {
        now += 60_000;
        woken.splice(0);
        await sweepWebhooks(all);
        for (const { name, subject } of woken.splice(0))
          if (own.has(name.endpointId)) await serveEndpoint(sending, name, subject);
      }
    },
    numbersOf: (subject: string): number[] => got.filter((one) => one.subject === subject).map(({ number }) => number),
  };
}
