import { afterAll, vi } from "vitest";

// Files that share a process leave each other nothing: no clock that stands still or goes wrong, no environment.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});
