import type { Result } from "../../shared/kernel/problem.ts";

/** What a use case gave back, where a refusal is none of the scene. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.value;
}
