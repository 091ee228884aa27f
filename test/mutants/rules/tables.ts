import { type Rule } from "../rule.ts";

/** The rules of writing to tables. */
export const tables: readonly Rule[] = [
  {
    rule: "a transaction that is throttled inside is tried again",
    file: "shared/aws/dynamo.ts",
    from: 'ThrottlingError: "throttled",',
    to: "",
    red: ["test/unit/aws/transact.test.ts", "tried again, and then done"],
  },
];
