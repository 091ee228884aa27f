import { anyway, type Rule, scenes } from "../rule.ts";

const caseScene = (tests: string) => scenes("cases/cases", tests);
const proof = (tests: string) => ["test/chaos/cases/crash-sweep-cases.test.ts", tests] as const;

/** The rules of cases: each paid piece has one living code at most, and nothing is given twice. */
export const cases: readonly Rule[] = [
  {
    rule: "a line has one open case",
    file: "shared/cases/open.ts",
    from: "if (open !== undefined) return refuse(",
    to: "if (open === null) return refuse(",
    red: caseScene("one key is one case"),
  },
  {
    rule: "another wish under the same key is refused",
    file: "shared/cases/open.ts",
    from: "repeatOf(made, made.what === what,",
    to: "repeatOf(made, made.what !== '',",
    red: caseScene("one key is one case"),
  },
  {
    rule: "a dead code is marked once, and only if it is the order's",
    file: "shared/inventory/swap-sold.ts",
    ...anyway("#state = :sold AND orderId = :order AND attribute_not_exists(deadBy)"),
    red: caseScene("a dead code can't die twice"),
  },
  {
    rule: "what somebody has seen no rule replaces",
    file: "shared/cases/rules.ts",
    from: 'facts.isSeen ? person("seen")',
    to: 'facts.isSeen === undefined ? person("seen")',
    red: caseScene("a code that was seen waits for a person"),
  },
  {
    rule: "a buyer's cases are counted",
    file: "shared/cases/rules.ts",
    from: "byRuleBefore >= settings.byRulePerBuyer",
    to: "byRuleBefore >= 1000",
    red: caseScene("a buyer's fourth in a month"),
  },
  {
    rule: "a refund of a case gives back the very codes that it is about",
    file: "shared/orders/begin-refund.ts",
    from: "[...(named ?? tickets.slice(-pieces))]",
    to: "tickets.slice(-pieces)",
    red: caseScene("voids the very code"),
  },
  {
    rule: "what was drawn and not used goes back",
    file: "shared/cases/replace.ts",
    from: "if (moved === undefined) {\n    await giveBackAll(drawn);",
    to: "if (moved === undefined) {",
    red: caseScene("what was drawn in vain goes back at once"),
  },
  {
    rule: "compensations stay within the month's budget",
    file: "shared/cases/decide.ts",
    from: "if (amount > (await leftToGive(deps, currency, budget, now)))",
    to: "if (amount > budget * 1000)",
    red: caseScene("within the month's budget"),
  },
  {
    rule: "a case whose codes went back otherwise ends",
    file: "shared/cases/advance.ts",
    from: "one.tickets !== undefined && livingOf(order, one).length === 0",
    to: "one.tickets === undefined && livingOf(order, one).length > 0",
    red: proof("a case against a look"),
  },
];
