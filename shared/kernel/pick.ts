/**
 * Copies the named members of an object, if it has them. Use it for every answer: a member that is added to a type
 * later is not shown until somebody adds its name.
 */
export function pick<T extends object, const Name extends keyof T>(of: T, names: readonly Name[]): Pick<T, Name> {
  const taken = names.flatMap((name) => (Object.hasOwn(of, name) ? [[name, of[name]] as const] : []));
  return Object.fromEntries(taken) as Pick<T, Name>;
}
