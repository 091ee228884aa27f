import type { FieldError } from "../../shared/kernel/problem.ts";
import type { OperatorAnswer } from "./client.ts";
import type { Command, Given, Option, Options } from "./command.ts";
import { didYouMean } from "./nearest.ts";

/** Where the wire wraps what an option says: the path, the query, the change of a product, the layout of a file. */
const WRAPPED = /^\/(path|query|change|layout)(?=\/)/;
const PLACES = /\/\d+(?=\/|$)/g;

const fieldOf = (name: string): string =>
  `/${name.replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase())}`;

/** The pointers of the fields that an option fills. */
export const fieldsFilled = (name: string, { fields = [fieldOf(name)] }: Option): readonly string[] => fields;

/** Finds the option that fills a field of the wire: the one whose pointer leads furthest to it. */
function optionAt(pointer: string, options: Options): string | undefined {
  const at = pointer.replace(WRAPPED, "").replaceAll(PLACES, "");
  const leading = Object.entries(options)
    .filter(([name]) => !name.startsWith("no-"))
    .flatMap(([name, option]) =>
      fieldsFilled(name, option).map((field) => ({ name, field: field.replace(WRAPPED, "") })),
    )
    .filter(({ field }) => at === field || at.startsWith(`${field}/`))
    .toSorted((a, b) => b.field.length - a.field.length);
  return leading[0]?.name;
}

/** Names the option beside each field that is wrong: who types a command line does not know the names of the JSON fields. */
export function named<E extends FieldError>(
  { options }: Pick<Command, "options">,
  given: Given["options"],
  errors: readonly E[],
): E[] {
  return errors.map((error) => {
    const name = optionAt(error.pointer, options);
    if (name === undefined) return error;
    const question = didYouMean(given[name] ?? "", options[name]?.usual ?? []);
    return { option: `--${name}`, ...error, message: `${error.message}${question}` };
  });
}

/** A refusal, with the options named that it is about. */
export function withOptions(
  command: Pick<Command, "options">,
  given: Given["options"],
  answer: OperatorAnswer,
): OperatorAnswer {
  const { errors } = (typeof answer.body === "object" ? (answer.body ?? {}) : {}) as { errors?: unknown };
  if (answer.ok || !Array.isArray(errors)) return answer;
  return { ...answer, body: { ...(answer.body as object), errors: named(command, given, errors as FieldError[]) } };
}
