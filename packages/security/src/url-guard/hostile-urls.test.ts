import { describe, expect, test } from "vitest";
import { AllowedHosts } from "./allowed-hosts.js";
import { createUrlGuard } from "./url-guard.js";

const guard = createUrlGuard();

const codeOf = (url: string, { check } = guard): string => {
  try {
    check(url);
    return "allowed";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("spellings of hosts that are not public", () => {
  test.each([
    // This machine.
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0X7F.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0x7f.0.0.0x1/",
    "http://127.0.0.1./",
    "http://127.000.000.001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "HTTP://LOCALHOST/",
    "http://localhost./",
    "http://localhost.:80/",
    "http://a.localhost/",
    "http://localhost.localdomain/",
    "http://loc\u00adalhost/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    // IPv4 within IPv6.
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:0a00:0001]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[::ffff:0:8.8.8.8]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:808:808::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2606:4700::5efe:7f00:1]/",
    "http://[2606:4700::200:5efe:a00:1]/",
    // Private networks.
    "http://10.0.0.1/",
    "http://167772161/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://0xc0a80101/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://printer.local/",
    "http://router.lan/",
    "http://nas.home.arpa/",
    // Metadata of clouds.
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://metadata.google.internal/",
    // Assigned to nobody, or to everybody.
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://4294967295/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[4000::1]/",
    "http://[5f00::1]/",
    // Other services of a public host.
    "http://example.com:22/",
    "http://example.com:25/",
    "https://example.com:6379/",
    "https://example.com:11211/",
    "http://example.com:0/",
  ])("%s", (url) => {
    expect(codeOf(url)).toBe("PERMISSION_DENIED");
  });
});

describe("what is no URL of a web server", () => {
  test.each([
    "",
    "example.com",
    "//example.com/",
    "http://",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://0x1ffffffff/",
    "http://example.com:99999/",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://example.com\t.evil.test/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://example.com/\u0000",
    "http://example.com/\u0085x",
    " http://example.com/",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://:secret@example.com/",
    "http://example.com@127.0.0.1/",
    `http://example.com/${"a".repeat(9000)}`,
  ])("%s", (url) => {
    expect(codeOf(url)).toBe("INVALID_ARGUMENT");
  });

  test.each([
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://example.com/",
    "ws://example.com/",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "blob:http://example.com/1",
    "ssh://example.com/a.git",
    "ext::sh",
    "unix:/var/run/docker.sock",
  ])("%s", (url) => {
    expect(codeOf(url)).toBe("UNSUPPORTED");
  });
});

describe("a denial", () => {
  test("names the host and the flag in one line", () => {
    expect(() => guard.check("https://git.internal/a?token=1")).toThrow(
      expect.objectContaining({
        message: "git.internal is not a host of the public Internet",
        hint: "If it is meant, start the server with --allow-private-hosts git.internal",
      }),
    );
    expect(() => guard.check("http://[::1]:8080/")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("--allow-private-hosts [::1]") }),
    );
  });

  test("does not repeat a password", () => {
    expect(() => guard.check("http://u:hunter2@example.com/")).toThrow(/^(?!.*hunter2)/);
  });
});

describe("hosts that are allowed", () => {
  test.each([
    "https://example.com/",
    "https://example.com./",
    "http://example.com:8080/a/b?c=d#e",
    "https://8.8.8.8/",
    "https://134744072/",
    "https://[2606:4700::1111]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[64:ff9b::8.8.8.8]/",
    "https://bücher.example/",
  ])("%s", (url) => {
    expect(codeOf(url)).toBe("allowed");
  });

  test.each([
    [["localhost"], "http://LOCALHOST.:8080/", "allowed"],
    [["localhost"], "http://a.localhost/", "PERMISSION_DENIED"],
    [["LocalHost.:8080"], "http://localhost:8080/", "allowed"],
    [["localhost:8080"], "http://localhost:8081/", "PERMISSION_DENIED"],
    [["localhost:443"], "https://localhost/", "allowed"],
    [["127.0.0.1"], "http://2130706433/", "allowed"],
    [["0x7f.1"], "http://127.0.0.1/", "allowed"],
    [["127.0.0.1"], "http://127.0.0.2/", "PERMISSION_DENIED"],
    [["::1"], "http://[0::1]:9000/", "allowed"],
    [["[::1]:9000"], "http://[::1]:9000/", "allowed"],
    [["[::1]:9000"], "http://[::1]:9001/", "PERMISSION_DENIED"],
    [["127.0.0.1"], "http://[::ffff:127.0.0.1]/", "PERMISSION_DENIED"],
    [["redis.corp.example:6379"], "http://redis.corp.example:6379/", "allowed"],
  ])("%j lets %s be: %s", (allowPrivateHosts, url, expected) => {
    expect(codeOf(url, createUrlGuard({ allowPrivateHosts }))).toBe(expected);
  });

  test.each(["http://a", "a b", "", "a/b", "a:b", "u@h", "[::1", "a:0", "a:99999", "*.example", "."])(
    "%j is no entry",
    (entry) => {
      expect(() => new AllowedHosts([entry])).toThrow(RangeError);
    },
  );
});
