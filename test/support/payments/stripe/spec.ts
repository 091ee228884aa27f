/** What Stripe's OpenAPI document says of the calls that we make: which parameters they take, and what their answers hold. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A type, the words that are allowed, or what is inside. `any`: whatever it is, no call of ours has it. */
export type Shape = string | string[] | { members: Members } | { items: Shape } | { anyOf: Shape[] };
export type Members = { [name: string]: Shape };
export type Spec = {
  source: string;
  version: string;
  calls: Record<string, Members>;
  /** `nulls`: members that are always there, and may be null. `words`: what a member may be. */
  objects: Record<
    string,
    { members: string[]; required: string[]; nulls: string[]; words: Record<string, readonly string[]> }
  >;
};

export const spec = JSON.parse(readFileSync(join(import.meta.dirname, "stripe-spec.json"), "utf8")) as Spec;

/** Parameters as a form says them: `a[b][0]=c` is `{ a: { b: { 0: "c" } } }`. */
export type Params = { [name: string]: string | Params };

export function paramsOf(form: URLSearchParams): Params {
  const params: Params = {};
  for (const [key, value] of form) {
    const path = key.split(/\[|\]\[|\]/).filter((part, at) => at === 0 || part !== "");
    const last = path.pop() ?? "";
    let inside = params;
    for (const part of path) {
      const next = inside[part];
      inside = typeof next === "object" ? next : (inside[part] = {});
    }
    inside[last] = value;
  }
  return params;
}

/** Gives the name of a parameter that a call doesn't take, or that is of another type. Undefined: it takes all of them. */
export function wrongIn(call: string, params: Params): string | undefined {
  const members = spec.calls[call];
  return members === undefined ? call : wrongMember(members, params, "");
}

function wrongMember(members: Members, params: Params, within: string): string | undefined {
  for (const [name, value] of Object.entries(params)) {
    const path = within === "" ? name : `${within}[${name}]`;
    const shape = members[name];
    const wrong = shape === undefined ? path : wrongValue(shape, value, path);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongValue(shape: Shape, value: string | Params, path: string): string | undefined {
  if (typeof shape === "string") return isOf(shape, value) ? undefined : path;
  if (Array.isArray(shape)) return typeof value === "string" && shape.includes(value) ? undefined : path;
  if ("anyOf" in shape) {
    const wrong = shape.anyOf.map((one) => wrongValue(one, value, path));
    return wrong.includes(undefined) ? undefined : wrong[0];
  }
  if (typeof value === "string") return path;
  if ("members" in shape) return wrongMember(shape.members, value, path);
  return Object.entries(value)
    .map(([at, one]) => wrongValue(shape.items, one, `${path}[${at}]`))
    .find((wrong) => wrong !== undefined);
}

function isOf(type: string, value: string | Params): boolean {
  switch (type) {
    case "any":
      return true;
    case "integer":
      return typeof value === "string" && /^-?\d{1,15}$/.test(value);
    case "boolean":
      return value === "true" || value === "false";
    default:
      return typeof value === "string";
  }
}

/** Makes an object as Stripe answers it: what must be there and isn't given is null. Throws if it is not as described. */
export function objectOf(name: string, given: Record<string, unknown>): Record<string, unknown> {
  const described = spec.objects[name];
  if (described === undefined) throw new Error(`Stripe's document has no ${name}`);
  const { members, required, nulls, words } = described;
  for (const member of Object.keys(given)) if (!members.includes(member)) throw new Error(`${name} has no ${member}`);
  for (const member of required) if (given[member] == null) throw new Error(`${name} needs ${member}`);
  for (const [member, allowed] of Object.entries(words))
    if (typeof given[member] === "string" && !allowed.includes(given[member]))
      throw new Error(`${name} says another ${member}`);
  return { ...Object.fromEntries(nulls.map((member) => [member, null])), ...given };
}
