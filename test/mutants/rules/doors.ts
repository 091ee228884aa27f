import type { Rule } from "../rule.ts";

const ofRequests = (tests: string) => ["test/second-engine/channels/signed-requests.test.ts", tests] as const;
const ofCodes = (tests: string) => ["test/second-engine/deliveries/one-time-codes.test.ts", tests] as const;

/** The rules of who is let in: keys, signatures, one-time codes. */
export const doors: readonly Rule[] = [
  {
    rule: "no key of a frozen channel opens anything",
    file: "shared/channels/admission.ts",
    from: 'if (frozen) return "frozen";',
    to: 'if (frozen && endsAt !== undefined) return "frozen";',
    red: ["test/second-engine/channels/keys.test.ts", "no key of a frozen channel"],
  },
  {
    rule: "a key that is made while its channel is being frozen is frozen too",
    file: "shared/channels/on-keys.ts",
    from: '"attribute_not_exists(frozen)" : "frozen = :frozen"',
    to: '"attribute_not_exists(frozen) OR attribute_exists(pk)" : "frozen = :frozen"',
    red: ["test/second-engine/channels/keys.test.ts", "is being frozen is frozen too"],
  },
  {
    rule: "a pace that was changed counts anew",
    file: "shared/usage/table.ts",
    from: "${subject}#${quota}/${windowSeconds}#${lane}",
    to: "${subject}#${(quota + windowSeconds) * 0}#${lane}",
    red: ["test/second-engine/usage/pace.test.ts", "an operator changes counts anew"],
  },
  {
    rule: "a request that is not signed as it must be counts as a miss",
    file: "functions/runtime/callers.ts",
    from: "if (!signed.ok) return (await missed(deps, { address })) ?? signed;",
    to: "if (!signed.ok) return signed;",
    red: ofRequests("not its private key"),
  },
  {
    rule: "a nonce is taken once",
    file: "shared/channels/signed-requests.ts",
    from: "return isFirst.ok ? ok(undefined)",
    to: "return isFirst.ok !== null ? ok(undefined)",
    red: ofRequests("takes a signed request once"),
  },
  {
    rule: "what a channel says comes to its keys while it says so",
    file: "shared/channels/on-keys.ts",
    from: "ConditionExpression: `${onChannel} = :said`,",
    to: "ConditionExpression: `attribute_exists(${onChannel}) OR ${onChannel} = :said`,",
    red: ["test/second-engine/channels/keys.test.ts", "the slower one leaves nothing"],
  },
  {
    rule: "each network has tries of a one-time code of its own",
    file: "shared/deliveries/one-time-code.ts",
    from: "from: networkName(sourceIp)",
    to: "from: networkName(sourceIp).slice(0, 0)",
    red: ofCodes("burns their own alone"),
  },
  {
    rule: "all networks together have so many tries of a one-time code",
    file: "shared/deliveries/asked-codes.ts",
    from: "occasion = :occasion AND tries < :all",
    to: "occasion = :occasion AND (tries < :all OR tries >= :all)",
    red: ofCodes("however many networks"),
  },
];
