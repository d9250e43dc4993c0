-- Requests of one operation, made of the ids in two files.
-- wrk -s load.lua URL -- OPERATION TICKETS CUSTOMERS LIST_PARAMETERS

local operation, tickets, customers, list
local json = {["Content-Type"] = "application/json"}
local number, run = 0, 0

local function lines(path)
  local found = {}
  for line in io.lines(path) do found[#found + 1] = line end
  return found
end

function init(arguments)
  operation = arguments[1]
  tickets, customers = lines(arguments[2]), lines(arguments[3])
  list = arguments[4]
  run = os.time()
  math.randomseed(42)
end

local function any(ids)
  return ids[math.random(#ids)]
end

local requests = {
  get = function()
    return wrk.format("GET", "/tickets/" .. any(tickets))
  end,
  list = function()
    return wrk.format("GET", "/tickets?" .. list .. "customer_id=" .. any(customers) .. "&limit=50")
  end,
  post = function()
    return wrk.format("POST", "/tickets", json,
      '{"customer_id":"' .. any(customers) .. '","subject":"bench","body":"bench body text here",' ..
      '"status":"open","priority":3}')
  end,
  -- A new value each time: a service that sees that nothing changes may leave the write out.
  patch = function()
    number = number + 1
    return wrk.format("PATCH", "/tickets/" .. any(tickets), json,
      '{"subject":"changed ' .. run .. ' ' .. number .. '","priority":4}')
  end,
}

function request()
  return requests[operation]()
end
