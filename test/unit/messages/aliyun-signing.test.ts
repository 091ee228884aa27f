import { expect, test } from "vitest";
import { encoded, queryOf, signedHeaders } from "../../../shared/messages/aliyun-sms/signing.ts";

test("the published example of the V3 signature comes out", () => {
  const headers = signedHeaders(
    {
      host: "ecs.cn-shanghai.aliyuncs.com",
      action: "RunInstances",
      version: "2014-05-26",
      date: "2023-10-26T10:22:32Z",
      nonce: "3156853299f313e23d1673dc12e1703d",
      query: { ImageId: "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", RegionId: "cn-shanghai" },
    },
    "YourAccessKeyId",
    "YourAccessKeySecret",
  );
  expect(headers["authorization"]).toBe(
    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
  );
});

test("a query is sorted by its names, and encoded as RFC 3986 says", () => {
  expect(queryOf({ b: "星*'()!~ +", a: '{"token":"x/y"}' })).toBe(
    "a=%7B%22token%22%3A%22x%2Fy%22%7D&b=%E6%98%9F%2A%27%28%29%21~%20%2B",
  );
  expect(encoded("-_.~")).toBe("-_.~");
});
