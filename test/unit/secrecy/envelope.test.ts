import { randomBytes } from "node:crypto";
import { InvalidCiphertextException, type KMSClient } from "@aws-sdk/client-kms";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { codeBinding, codeContext, openCode } from "../../../shared/inventory/code.ts";
import type { Slot } from "../../../shared/inventory/model.ts";
import { recipientBinding } from "../../../shared/orders/model.ts";
import { newDataKey, seal, unseal, unwrap } from "../../../shared/secrecy/envelope.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";

const key = randomBytes(32);

/** What Node says to a ciphertext, a tag or an owner that does not fit. */
const REFUSED = /unable to authenticate|Invalid authentication tag|Invalid initialization vector/;
const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("a sealed text", () => {
  it("opens as what it was, for who knows what it belongs to", () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => text.isWellFormed()),
        anyText,
        (text, owner) => {
          expect(unseal(key, seal(key, text, owner), owner)).toBe(text);
        },
      ),
    );
  });

  it("does not open as another's: a ciphertext that was moved is worth nothing", () => {
    fc.assert(
      fc.property(anyText, anyText, (owner, thief) => {
        fc.pre(Buffer.compare(Buffer.from(owner), Buffer.from(thief)) !== 0);
        expect(() => unseal(key, seal(key, "GIFT-1234", owner), thief)).toThrow(REFUSED);
      }),
    );
  });

  it("does not open with any bit of it changed, added or cut off", () => {
    const sealed = Buffer.from(seal(key, "GIFT-1234", "owner"));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unseal(key, changed, "owner")).toThrow(REFUSED);
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => unseal(key, sealed.subarray(0, length), "owner")).toThrow(REFUSED);
    expect(() => unseal(key, Buffer.concat([sealed, Buffer.alloc(1)]), "owner")).toThrow(REFUSED);
  });

  it("does not open with a shorter tag, which could be guessed", () => {
    for (const length of [4, 8, 12, 13, 14, 15]) {
      const cut = Buffer.from(seal(key, "GIFT-1234", "owner").subarray(0, length));
      expect(() => unseal(key, cut, "owner")).toThrow("Invalid authentication tag length");
    }
  });

  it("does not open with another key", () => {
    expect(() => unseal(randomBytes(32), seal(key, "GIFT-1234", "owner"), "owner")).toThrow(REFUSED);
  });

  it("never looks the same twice: each has a nonce of its own", () => {
    const nonces = Array.from({ length: 5_000 }, () =>
      Buffer.from(seal(key, "same", "owner").subarray(0, 12)).toString("hex"),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it("is nonce, ciphertext, tag: 28 bytes longer than its text", () => {
    expect(seal(key, "GIFT-1234", "owner")).toHaveLength(12 + 9 + 16);
  });
});

/** Wraps by writing the context beside the key, and refuses another one, as KMS does. */
function fakeKms() {
  const calls = { GenerateDataKeyCommand: 0, DecryptCommand: 0 };
  let failures = 0;
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = command.constructor.name as keyof typeof calls;
    calls[name] += 1;
    if (failures > 0) {
      failures -= 1;
      throw new Error("KMSInternalException");
    }
    const context = JSON.stringify(command.input["EncryptionContext"]);
    if (name === "GenerateDataKeyCommand") {
      const plain = randomBytes(32);
      return { Plaintext: plain, CiphertextBlob: Buffer.from(JSON.stringify({ context, key: plain.toString("hex") })) };
    }
    const wrapped = JSON.parse(String(command.input["CiphertextBlob"])) as { context: string; key: string };
    if (wrapped.context !== context)
      throw new InvalidCiphertextException({ message: "InvalidCiphertext", $metadata: {} });
    return { Plaintext: Buffer.from(wrapped.key, "hex") };
  };
  return {
    kms: { send } as unknown as KMSClient,
    calls,
    fail: (times: number): void => {
      failures = times;
    },
  };
}

describe("a data key", () => {
  const fake = fakeKms();
  const wrapping = (context: Record<string, string>) => ({ kms: fake.kms, keyId: "key", context });

  it("is unwrapped by KMS once, however many codes it opens at the same time", async () => {
    const { wrapped, plain } = await newDataKey(wrapping({ product: "a" }));
    const before = fake.calls.DecryptCommand;
    const opened = await Promise.all(Array.from({ length: 50 }, () => unwrap(wrapping({ product: "a" }), wrapped)));
    expect(new Set(opened.map((bytes) => Buffer.from(bytes).toString("hex")))).toEqual(
      new Set([Buffer.from(plain).toString("hex")]),
    );
    expect(fake.calls.DecryptCommand - before).toBe(1);
  });

  it("is refused to who names another product", async () => {
    const { wrapped } = await newDataKey(wrapping({ product: "a" }));
    await expect(unwrap(wrapping({ product: "b" }), wrapped)).rejects.toThrow("InvalidCiphertext");
  });

  it("is asked for again after KMS failed: a bad moment is not remembered", async () => {
    const { wrapped } = await newDataKey(wrapping({ product: "a" }));
    fake.fail(1);
    await expect(unwrap(wrapping({ product: "a" }), wrapped)).rejects.toThrow("KMSInternal");
    await expect(unwrap(wrapping({ product: "a" }), wrapped)).resolves.toHaveLength(32);
  });
});

describe("a code in stock", () => {
  const fake = fakeKms();
  const identity = { codeId: "code_1", productId: "prod_1", batchId: "batch_1" };
  let slot: Slot;

  beforeEach(async () => {
    const dataKey = await newDataKey({ kms: fake.kms, keyId: "key", context: codeContext("prod_1") });
    const sealed = seal(dataKey.plain, JSON.stringify({ number: "7", secret: "GIFT-1234" }), codeBinding(identity));
    slot = { state: "sold", ...identity, sealed, dataKey: dataKey.wrapped };
  });

  const open = (of: Slot) => openCode({ kms: fake.kms, codesKey: "key" }, of);

  it("opens as itself, wherever its slot is", async () => {
    expect(await open(slot)).toEqual({ codeId: "code_1", number: "7", secret: "GIFT-1234" });
  });

  it.each([
    ["code", { codeId: "code_2" }],
    ["batch", { batchId: "batch_2" }],
    ["product", { productId: "prod_2" }],
  ])(
    "does not open under another %s: swapping ciphertexts in the table gets nobody a better one",
    async (_what, other) => {
      expect(await open({ ...slot, ...other })).toBeUndefined();
    },
  );

  it("that was sealed with something else in it is no code", async () => {
    const dataKey = await newDataKey({ kms: fake.kms, keyId: "key", context: codeContext("prod_1") });
    for (const text of ["{}", "7", "GIFT", '{"secret":7}'])
      expect(
        await open({ ...slot, dataKey: dataKey.wrapped, sealed: seal(dataKey.plain, text, codeBinding(identity)) }),
      ).toBeUndefined();
  });

  it("that KMS can't be asked about just now is not given up", async () => {
    fake.fail(1);
    await expect(open(slot)).rejects.toThrow("KMSInternal");
    expect(await open(slot)).toMatchObject({ secret: "GIFT-1234" });
  });
});

describe("what small things are sealed with", () => {
  it("is one data key for many, and a new one after a thousand or five minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 0 });
    try {
      const fake = fakeKms();
      const sealIt = sealer({ kms: fake.kms, keyId: "key", context: {} });
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => sealIt("13800000000", String(index))));
      expect(fake.calls.GenerateDataKeyCommand).toBe(1);
      await sealIt("13800000000", "1001st");
      expect(fake.calls.GenerateDataKeyCommand).toBe(2);
      vi.setSystemTime(5 * 60 * 1000 + 1);
      await sealIt("13800000000", "later");
      expect(fake.calls.GenerateDataKeyCommand).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not the failed answer of a moment ago", async () => {
    const fake = fakeKms();
    const sealIt = sealer({ kms: fake.kms, keyId: "key", context: {} });
    fake.fail(1);
    await expect(sealIt("13800000000", "owner")).rejects.toThrow("KMSInternal");
    const { sealed, dataKey } = await sealIt("13800000000", "owner");
    expect(unseal(await unwrap({ kms: fake.kms, keyId: "key", context: {} }, dataKey), sealed, "owner")).toBe(
      "13800000000",
    );
  });

  it("binds an account to its order and line", () => {
    const owners = new Set([
      recipientBinding("ord_1", { id: "1" }),
      recipientBinding("ord_1", { id: "2" }),
      recipientBinding("ord_2", { id: "1" }),
    ]);
    expect(owners.size).toBe(3);
  });
});
