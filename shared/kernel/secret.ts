import { inspect } from "node:util";

const mask = "[secret]";

/**
 * A value that must not show up where values show up by accident: templates, JSON, logs, error dumps, clones.
 * The only way to the value is `reveal()`, so that a search for it lists every place where a secret leaves.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
