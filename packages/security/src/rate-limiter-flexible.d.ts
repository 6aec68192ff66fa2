// The package's entry loads the drivers of every store it knows (38 ms); these two files take 4.
declare module "rate-limiter-flexible/lib/RateLimiterMemory.js" {
  import { RateLimiterMemory } from "rate-limiter-flexible";
  export = RateLimiterMemory;
}
declare module "rate-limiter-flexible/lib/BurstyRateLimiter.js" {
  import { BurstyRateLimiter } from "rate-limiter-flexible";
  export = BurstyRateLimiter;
}
