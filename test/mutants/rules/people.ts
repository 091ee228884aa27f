import type { Rule } from "../rule.ts";

const scenes = (tests: string) => ["test/chaos/review/two-people.test.ts", tests] as const;

/** The rules of decisions that take two people. */
export const people: readonly Rule[] = [
  {
    rule: "a large amount is not given away in small pieces",
    file: "shared/review/second-person.ts",
    from: "amount > 0 && amount + decidedBefore(order, currency) >= twoPeopleFrom(settings, currency)",
    to: "amount > 0 && amount >= twoPeopleFrom(settings, currency)",
    red: scenes("line by line"),
  },
  {
    rule: "a replacement counts as what the buyer gets",
    file: "shared/review/stake.ts",
    from: "largestOfEach([paid, ...(given ?? [])])",
    to: "largestOfEach([paid])",
    red: scenes("by a replacement that is worth more|worth more in another currency"),
  },
  {
    rule: "one person is not two",
    file: "shared/review/two-people.ts",
    from: "if (first.includes(person))",
    to: "if (first.includes(undefined))",
    red: scenes("one person is not two"),
  },
  {
    rule: "a principal that proves nobody is not a person",
    file: "shared/review/two-people.ts",
    from: "if (person === undefined)\n    return refuse(",
    to: "if (person === null)\n    return refuse(",
    red: scenes("two names that a role lets its user choose"),
  },
];
