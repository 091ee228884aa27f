import { vi } from "vitest";

// Our own code remembers things for as long as its process runs. Each file of a process gets it anew, and only the libraries are kept.
vi.resetModules();
