import { afterEach, expect, test, vi } from "vitest";
import { s3Client } from "../../../shared/aws/clients.ts";
import { uploadAddress } from "../../../shared/imports/files.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";

afterEach(() => vi.unstubAllEnvs());

test("an upload address is signed for one file and an hour, and for whatever bytes are put there", async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "test");
  vi.stubEnv("AWS_REGION", "eu-central-1");
  const address = new URL(await uploadAddress({ s3: s3Client(), uploadBucket: "uploads" }, "imp_1"));
  expect(address.pathname).toBe("/uploads/imports/imp_1");
  expect(address.searchParams.get("X-Amz-Expires")).toBe(String(LIMITS.uploadSeconds));
  // The checksum of no bytes, which is what there is to sign, would be wrong for all others.
  expect([...address.searchParams.keys()].filter((name) => name.includes("checksum"))).toEqual([]);
});
