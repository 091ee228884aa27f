import { anyway, type Rule, scenes } from "../rule.ts";

const deliveries = (tests: string) => scenes("webhooks/deliveries", tests);

/** The rules of webhooks: where they may go, and that they come in order. */
export const webhooks: readonly Rule[] = [
  {
    rule: "an address is called only if it is public",
    file: "shared/webhooks/address.ts",
    from: 'if (parsed.range() !== "unicast") return false;',
    to: "",
    red: ["test/unit/webhooks/address.test.ts", "is none that is"],
  },
  {
    rule: "one address that is not public is enough",
    file: "shared/webhooks/call.ts",
    from: "addresses.every((",
    to: "addresses.some((",
    red: ["test/unit/webhooks/call.test.ts", "beside a public one"],
  },
  {
    rule: "elsewhere than on a local stack no receiver is allowed by a file",
    file: "functions/runtime/receivers.ts",
    from: 'environmentName !== "local" || file === undefined',
    to: "file === undefined",
    red: ["test/unit/runtime/receivers.test.ts", "ignores the file"],
  },
  {
    rule: "a redirect is not taken for a yes",
    file: "shared/webhooks/model.ts",
    from: "status >= 200 && status < 300",
    to: "status >= 200 && status < 400",
    red: ["test/unit/webhooks/model.test.ts", "an answer 302"],
  },
  {
    rule: "one call serves an endpoint",
    file: "shared/webhooks/sender.ts",
    ...anyway("attribute_not_exists(busyUntil) OR busyUntil < :now"),
    red: deliveries("two calls never send to one endpoint at once"),
  },
  {
    rule: "an endpoint is not let go of while others ask for subjects",
    file: "shared/webhooks/sender.ts",
    from: '"busyBy = :by AND attribute_not_exists(asked)"',
    to: '"busyBy = :by"',
    red: deliveries("two calls never send to one endpoint at once"),
  },
  {
    rule: "what is not taken holds up those behind it",
    file: "shared/webhooks/send.ts",
    from: `await putOff(deps, endpointId, subject, wait);
      return sent;`,
    to: "await takeOut(deps, endpointId, subject, queue, placesOf(queue, place));",
    red: deliveries("what is not taken is sent again later"),
  },
  {
    rule: "an endpoint that does not answer rests",
    file: "shared/webhooks/model.ts",
    from: 'if (verdict !== "later" || over < 1) return next;',
    to: "if (over < 1_000) return next;",
    red: deliveries("a dead endpoint rests"),
  },
  {
    rule: "what waits for an endpoint is kept when it is disabled",
    file: "shared/webhooks/send.ts",
    from: "if (!round.endpoint.enabled) return sent;",
    to: "",
    red: deliveries("an endpoint that takes nothing for three days"),
  },
  {
    rule: "the secret before a rotation signs for a day and no longer",
    file: "shared/webhooks/secrets.ts",
    from: "now.toISOString() < until",
    to: 'until !== ""',
    red: ["test/second-engine/webhooks/rotations.test.ts", "while a secret is rotated both sign"],
  },
  {
    rule: "a channel has ten endpoints at most",
    file: "shared/webhooks/endpoints.ts",
    ...anyway("attribute_not_exists(#count) OR #count < :most"),
    red: deliveries("a channel has ten endpoints at most"),
  },
];
