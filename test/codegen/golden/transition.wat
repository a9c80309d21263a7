(func (param i32) (result i32) (local i32 i32 i32 i32 i32 i32 i32)
block  ;; label = @1
  loop  ;; label = @2
    global.get record
    local.set 2
    i32.const 0
    local.set 3
    block  ;; label = @3
      block  ;; label = @4
        block  ;; label = @5
          i32.const 0
          local.set 5
          loop  ;; label = @6
            block  ;; label = @7
              local.get 5
              br_table 0 (;@7;) 0 (;@7;)
            end
            local.get 2
            i32.load
            i32.const 127
            i32.and
            i32.const 77
            i32.lt_s
            i32.eqz
            if  ;; label = @7
              br 4 (;@3;)
            end
            local.get 2
            i32.load
            i32.const 127
            i32.and
            i32.const 5
            i32.add
            local.tee 6
            i32.const 100
            i32.gt_s
            br_if 1 (;@5;)
            local.get 6
            local.set 7
            local.get 2
            local.get 2
            i32.load
            i32.const -128
            i32.and
            local.get 7
            i32.or
            i32.store
            br 2 (;@4;)
          end
          unreachable
        end
        local.get 0
        i32.const 0
        call 5
        local.get 1
        i32.or
        local.set 1
        br 1 (;@3;)
      end
      local.get 0
      call 3
      local.get 1
      i32.or
      local.set 1
    end
    local.get 1
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
