// As much of EventBridge's event patterns as our rules need.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

type Matcher = string | { suffix: string } | { exists: boolean };
/** A pattern as a template has it: fields to descend into, lists of what a value may be, and `$or`. */
export type EventPattern = { [field: string]: Matcher[] | EventPattern | EventPattern[] };

export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === "$or") return (wanted as EventPattern[]).some((one) => matches(one, event));
    // Lists are looked through: a field of any of their objects counts.
    const values = [event].flat().flatMap((value: unknown) => (value as Record<string, unknown> | null)?.[field] ?? []);
    if (!Array.isArray(wanted)) return matches(wanted, values);
    return (wanted as Matcher[]).some((matcher) => fits(matcher, values.flat()));
  });
}

function fits(matcher: Matcher, values: readonly unknown[]): boolean {
  if (typeof matcher === "string") return values.includes(matcher);
  if ("exists" in matcher) return values.length > 0 === matcher.exists;
  if ("suffix" in matcher) return values.some((value) => typeof value === "string" && value.endsWith(matcher.suffix));
  throw new Error(`unknown: ${JSON.stringify(matcher)}`);
}
