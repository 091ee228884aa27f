import { afterAll, vi } from "vitest";

// No file leaves the next one of its process a clock that stands still or goes wrong, or an environment.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});
