/** A rule, a way to take it out of the source, and the tests that must then fail. */
export type Rule = {
  rule: string;
  file: string;
  from: string;
  to: string;
  /** In which file, and which of its tests. */
  red: readonly [file: string, tests: string];
};

/** A condition is taken out by an "or" that is always true, so that nothing else about the expression changes. */
export const anyway = (condition: string): Pick<Rule, "from" | "to"> => ({
  from: `"${condition}"`,
  to: `"attribute_exists(pk) OR (${condition})"`,
});

export const moments = (tests: string) => ["test/chaos/inventory/model-rules.test.ts", tests] as const;
export const scenes = (file: string, tests: string) => [`test/second-engine/${file}.test.ts`, tests] as const;

export const model = ["test/second-engine/inventory/stock-model.test.ts", "stock is where a model says it is"] as const;
