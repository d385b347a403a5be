#!/bin/sh
# A subject for the runner's own tests. As a worker it answers each request with the file `_<case>.answer` that
# lies beside the case; what a case is called can make it die, hang or talk nonsense. Asked with -c what it is,
# it claims to be CPython; asked for its planted faults, it names two.
for word in "$@"; do
    case $word in
    -c)
        echo "CPython 3.15.2 True True False"
        exit
        ;;
    faults)
        printf 'wrong\nhangs\n'
        exit
        ;;
    esac
done
while read -r line; do
    path=${line#*'"path":"'}
    path=${path%%'"'*}
    folder=${path%/*}
    name=${path##*/}
    case $name-$MORTICE_FAULT in
    notices_wrong.py-wrong | notices_both.py-wrong) name=wrong.py ;;
    notices_both.py-hangs) name=hang.py ;;
    esac
    case $name in
    crash.py)
        echo "last words" >&2
        kill -SEGV $$
        ;;
    starves.py)
        case $line in
        *fail_allocation*) kill -SEGV $$ ;;
        esac
        printf '%s\n' '{"exit":0,"stdout":"B001 ok\n","stderr":""}'
        ;;
    hang.py) sleep 1000 ;;
    wrong.py) printf '%s\n' '{"exit":0,"stdout":"B001 wrong\n","stderr":""}' ;;
    nonsense.py) echo "hello" ;;
    # What the runner asks for beside the path.
    checks*.py) printf '{"exit":0,"stdout":"%s\\n","stderr":""}\n' "$(echo "${line#*'.py"'}" | tr -d '"')" ;;
    unsteady.py) printf '{"exit":0,"stdout":"B001 %s\\n","stderr":""}\n' "$(date +%N)" ;;
    *) cat "$folder/_${name%.py}.answer" ;;
    esac
done
