/**
 * Takes the named members of an object, those that it has. It is for what leaves the house: a member that is added to a
 * type later stays inside until somebody names it.
 */
export function pick<T extends object, const Name extends keyof T>(of: T, names: readonly Name[]): Pick<T, Name> {
  const taken = names.flatMap((name) => (Object.hasOwn(of, name) ? [[name, of[name]] as const] : []));
  return Object.fromEntries(taken) as Pick<T, Name>;
}
