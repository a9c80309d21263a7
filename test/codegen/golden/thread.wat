(func (param i32) (result i32) (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
local.get 0
i32.load
i32.const 10
i32.shr_u
i32.const 3
i32.and
local.set 1
local.get 1
i32.eqz
if  ;; label = @1
  i32.const 4
  return
end
block  ;; label = @1
  loop  ;; label = @2
    global.get record
    local.set 3
    i32.const 0
    local.set 4
    block  ;; label = @3
      block  ;; label = @4
        block  ;; label = @5
          local.get 1
          i32.const 1
          i32.sub
          local.set 6
          loop  ;; label = @6
            block  ;; label = @7
              block  ;; label = @8
                block  ;; label = @9
                  block  ;; label = @10
                    local.get 6
                    br_table 0 (;@10;) 1 (;@9;) 3 (;@7;) 0 (;@10;)
                  end
                  local.get 3
                  i32.load
                  i32.const 1023
                  i32.and
                  local.set 7
                  i32.const 0
                  local.set 8
                  block  ;; label = @10
                    i32.const 7
                    local.set 9
                    local.get 7
                    local.get 9
                    i32.shr_u
                    i32.const 1
                    i32.and
                    local.set 8
                  end
                  local.get 8
                  i32.eqz
                  if  ;; label = @10
                    br 7 (;@3;)
                  end
                  i32.const 2
                  local.set 9
                  local.get 3
                  local.get 3
                  i32.load
                  i32.const -3073
                  i32.and
                  local.get 9
                  i32.const 10
                  i32.shl
                  i32.or
                  i32.store
                  br 5 (;@4;)
                end
                global.get 15
                i32.const 199999
                i32.ge_u
                br_if 3 (;@5;)
                i32.const 2
                call 7
                local.set 10
                local.get 10
                i32.const 0
                i32.eq
                if  ;; label = @9
                  i32.const 3
                  local.set 9
                  local.get 3
                  local.get 3
                  i32.load
                  i32.const -61441
                  i32.and
                  local.get 9
                  i32.const 12
                  i32.shl
                  i32.or
                  i32.store
                  br 1 (;@8;)
                end
                i32.const 4
                local.set 9
                local.get 3
                local.get 3
                i32.load
                i32.const -61441
                i32.and
                local.get 9
                i32.const 12
                i32.shl
                i32.or
                i32.store
                br 0 (;@8;)
              end
              i32.const 3
              local.set 9
              local.get 3
              local.get 3
              i32.load
              i32.const -3073
              i32.and
              local.get 9
              i32.const 10
              i32.shl
              i32.or
              i32.store
              br 3 (;@4;)
            end
            local.get 3
            i32.load
            i32.const 1023
            i32.and
            i32.const 0
            local.set 9
            local.get 3
            i32.load
            i32.const 12
            i32.shr_u
            i32.const 15
            i32.and
            local.set 8
            i32.const 1
            local.set 7
            local.get 9
            i32.const 1
            local.get 8
            i32.shl
            i32.const -1
            i32.xor
            i32.and
            local.get 7
            local.get 8
            i32.shl
            i32.or
            local.set 9
            local.get 9
            i32.or
            local.set 11
            local.get 3
            local.get 3
            i32.load
            i32.const -1024
            i32.and
            local.get 11
            i32.or
            i32.store
            local.get 3
            local.get 3
            i32.load
            i32.const -61441
            i32.and
            i32.store
            i32.const 0
            local.set 11
            local.get 3
            local.get 3
            i32.load
            i32.const -3073
            i32.and
            local.get 11
            i32.const 10
            i32.shl
            i32.or
            i32.store
            br 2 (;@4;)
          end
          unreachable
        end
        local.get 0
        i32.const 0
        call 5
        local.get 2
        i32.or
        local.set 2
        br 1 (;@3;)
      end
      local.get 0
      call 3
      local.get 2
      i32.or
      local.set 2
    end
    call 8
    br_if 0 (;@2;)
    local.get 2
    return
  end
end
i32.const 0
global.set 15
i32.const 0
global.set 16
local.get 0
call 6
i32.const 16
