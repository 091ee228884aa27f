import { inspect } from "node:util";

const mask = "[secret]";

/**
 * A value that must not appear by accident in templates, JSON, logs, error dumps or clones. Only `reveal()` gives the
 * value, so a search for it finds every place where a secret leaves.
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
