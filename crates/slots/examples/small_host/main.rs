//! The smallest host, and what it is good for.

mod host;

use host::{Object, World};

fn main() -> Result<(), String> {
    let world = World::default();
    let wheel = world.class(&["radius"]);
    let (front, rear) = (
        Object::instance(&wheel, "front"),
        Object::instance(&wheel, "rear"),
    );
    let (engine, radius, any) = (&world.engine, world.name("radius"), usize::MAX);
    engine.observe_instance(&world, &rear, radius, Object::noting())?;
    engine.set(&world, &front, radius, any, Some(&Object::number(3)))?;
    engine.delegate(&world, &rear, radius, &front, radius)?;
    engine.set(&world, &rear, radius, any, Some(&Object::number(4)))?;
    for line in world.log.take() {
        println!("{line}");
    }
    Ok(())
}
