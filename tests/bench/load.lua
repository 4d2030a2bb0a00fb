-- Sends the requests in the file named by REQUESTS, one after another, each as it stands there; begins anew at the end
-- unless ONCE is set. Prints what came of it as one line of JSON; where they MAY_BE_REFUSED, answers of 429 are counted
-- and are no failures.
local requests, next_one, the_thread = {}, 0, nil
local once = os.getenv("ONCE") == "1"

local file = assert(io.open(os.getenv("REQUESTS"), "rb"))
for one in file:read("*a"):gmatch("([^%z]+)%z") do requests[#requests + 1] = one end
file:close()

function request()
  next_one = next_one + 1
  if next_one > #requests then
    if once then wrk.thread:stop() end
    next_one = 1
  end
  return requests[next_one]
end

function setup(thread) the_thread = thread end

if os.getenv("MAY_BE_REFUSED") == "1" then
  refused = 0
  function response(status, _, _)
    if status == 429 then refused = refused + 1 end
  end
end

function done(summary, latency, _)
  local errors, refusals = summary.errors, the_thread:get("refused") or 0
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d, "refused": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status - refusals + errors.timeout, refusals))
end
