import type { OperatorAnswer } from "./client.ts";
import type { Command, Given, Options } from "./command.ts";
import { didYouMean } from "./nearest.ts";

type FieldError = { pointer: string; message: string };

/** Where the wire wraps what an option says: the query, the change of a product, the layout of a file. */
const WRAPPED = /^\/(query|change|layout)(?=\/)/;
const PLACES = /\/\d+(?=\/|$)/g;

const fieldOf = (name: string): string =>
  `/${name.replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase())}`;

/** Finds the option that fills a field of the wire: the one whose pointer leads furthest to it. */
function optionAt(pointer: string, options: Options): string | undefined {
  const at = pointer.replace(WRAPPED, "").replaceAll(PLACES, "");
  const leading = Object.entries(options)
    .filter(([name]) => !name.startsWith("no-"))
    .flatMap(([name, { fields = [fieldOf(name)] }]) => fields.map((field) => ({ name, field })))
    .filter(({ field }) => at === field || at.startsWith(`${field}/`))
    .toSorted((a, b) => b.field.length - a.field.length);
  return leading[0]?.name;
}

/** Names the option beside each field that a refusal is about: who types a command line does not know the names of the JSON fields. */
export function withOptions(
  { options }: Pick<Command, "options">,
  given: Given["options"],
  answer: OperatorAnswer,
): OperatorAnswer {
  const { errors } = (typeof answer.body === "object" ? (answer.body ?? {}) : {}) as { errors?: unknown };
  if (answer.ok || !Array.isArray(errors)) return answer;
  const named = (errors as FieldError[]).map((error) => {
    const name = optionAt(error.pointer, options);
    if (name === undefined) return error;
    const question = didYouMean(given[name] ?? "", options[name]?.usual ?? []);
    return { option: `--${name}`, ...error, message: `${error.message}${question}` };
  });
  return { ...answer, body: { ...(answer.body as object), errors: named } };
}
