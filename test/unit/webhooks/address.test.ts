import { describe, expect, it } from "vitest";
import { isPublic, wrongWith } from "../../../shared/webhooks/address.ts";

describe("an address of the public internet", () => {
  it.each(["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1"])("is %s", (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ["loopback", ["127.0.0.1", "127.255.255.254", "::1"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1", "fec0::1"]],
    ["metadata and other link-local ones", ["169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254"]],
    ["shared by a carrier", ["100.64.0.1", "100.127.255.255"]],
    ["no host's", ["0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "ff02::1"]],
    ["for documents and benchmarks", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1"]],
    ["mapped into IPv6", ["::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:93.184.216.34", "::10.0.0.1"]],
    ["translated", ["64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::1", "2001:0:a00:1::1"]],
    ["no address at all", ["", "example.com", "1.2.3.4.5", "fe80::1%eth0"]],
  ])("is none that is %s", (_what, addresses) => {
    for (const address of addresses) expect([address, isPublic(address)]).toEqual([address, false]);
  });
});

describe("the address of a receiver", () => {
  const local = ["127.0.0.1:4711"];

  it.each([
    "https://shop.example/hooks?to=vouchsafe",
    "https://shop.example:8443/",
    "https://1.1.1.1/",
    "http://127.0.0.1:4711/hooks",
  ])("may be %s", (url) => {
    expect(wrongWith(url, local)).toBeUndefined();
  });

  it.each([
    ["no address", "shop.example"],
    ["another scheme", "ftp://shop.example/"],
    ["one that everybody can read", "http://shop.example/"],
    ["another port", "https://shop.example:22/"],
    ["a user", "https://anna@shop.example/"],
    ["a password", "https://anna:secret@shop.example/"],
    ["a fragment", "https://shop.example/#a"],
    ["a private address", "https://10.0.0.1/"],
    ["loopback, written as one number", "https://2130706433/"],
    ["loopback, written in hexadecimal", "https://0x7f.1/"],
    ["an IPv4 address inside an IPv6 one", "https://[::ffff:10.0.0.1]/"],
    ["the metadata service", "https://169.254.169.254/latest/meta-data"],
    ["the allowed host, at another port", "http://127.0.0.1:4712/"],
    ["the allowed port, at another host", "http://127.0.0.2:4711/"],
    ["the allowed host as the beginning of another", "http://127.0.0.1.example:4711/"],
    ["more than it may have", `https://shop.example/${"a".repeat(1_000)}`],
  ])("is refused with %s", (_what, url) => {
    expect(wrongWith(url, local)).toEqual(expect.stringMatching(/^(must|may)/));
  });
});
