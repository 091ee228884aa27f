import { type Rule, scenes } from "../rule.ts";

/** The rules of a restore. */
export const restores: readonly Rule[] = [
  {
    rule: "what a restore has looked through is not withheld again",
    file: "shared/restore/withhold.ts",
    from: "restored?.since === since ? restored :",
    to: "",
    red: scenes("restore/restores", "what was sold since is sold"),
  },
  {
    rule: "what was given back before a restore is withheld where it was",
    file: "shared/restore/replay.ts",
    from: 'place.is === "kept" ? sell(deps, place) : setAside(deps, place)',
    to: "sell(deps, place)",
    red: scenes("restore/restores", "a large order keeps its runs"),
  },
  {
    rule: "what a restore has closed on a guess tells nothing of where sales ended",
    file: "shared/restore/withhold.ts",
    from: '(slot.state === "moved" && slot.orderId !== WITHHELD)',
    to: 'slot.state === "moved"',
    red: scenes("restore/restores-again", "one that died among returns"),
  },
];
