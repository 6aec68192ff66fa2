import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Unicast by registry, and yet answered by the machine's own cloud: Azure's metadata and DNS. (The others are link-local,
 * carrier-grade NAT or unique local addresses.)
 */
const CLOUD_INTERNAL = new Set(["168.63.129.16"]);

/** Where an address carries an IPv4 address that packets to it end at, those four bytes begin. */
const EMBEDDED_IPV4 = 12;

/**
 * Does this address, as the system prints it, belong to a host of the public Internet? No for private, loopback, link-local,
 * multicast, documentation and tunnel addresses, and for whatever is not an address at all.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 ? isPublicV6(parsed) : isPublicV4(parsed);
}

const isPublicV4 = (address: ipaddr.IPv4): boolean =>
  address.range() === "unicast" && !CLOUD_INTERNAL.has(address.toString());

function isPublicV6(address: ipaddr.IPv6): boolean {
  // A zone names an interface of this machine: only local addresses have one.
  if (address.zoneId) return false;
  if (address.range() === "ipv4Mapped" || isWellKnownNat64(address)) {
    return isPublicV4(new ipaddr.IPv4(address.toByteArray().slice(EMBEDDED_IPV4)));
  }
  // Only 2000::/3 is assigned to hosts; the rest may mean anything tomorrow.
  return address.range() === "unicast" && (address.toByteArray()[0] ?? 0) >> 5 === 1 && !isIsatap(address);
}

/** 64:ff9b::/96: what DNS64 gives for every IPv4 host where only IPv6 is routed. */
const isWellKnownNat64 = (address: ipaddr.IPv6): boolean => address.match(ipaddr.IPv6.parseCIDR("64:ff9b::/96"));

/** An interface identifier `0:5efe:a.b.c.d`, which tunnels to that IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [high = 0, low = 0] = address.parts.slice(4);
  return (high & 0xfdff) === 0 && low === 0x5efe;
}
