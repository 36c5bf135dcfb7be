//! All arguments of a handler at once, and the function that is called with them; up to sixteen, as axum's handlers.

use super::{
    argument::{Argument, LastArgument},
    extract::Arrived,
};
use crate::{Response, Result, model::need::Need};

/// The arguments of a handler, in a tuple.
pub trait Arguments<S>: Copy + Send + Sync + 'static {
    /// What the handler is given.
    type Values: Send + 'static;

    /// What the service must provide, argument by argument.
    fn needs(self) -> Vec<Option<Need>>;

    /// Reads one after the other, or says the response that the request is rejected with.
    fn take(
        self,
        arrived: Arrived<S>,
    ) -> impl Future<Output = Result<Self::Values, Response>> + Send;
}

/// A function, with its arguments in a tuple.
pub trait Call<Values>: Clone + Send + Sync + 'static {
    /// What it returns.
    type Answer;

    /// Calls it.
    fn call(self, values: Values) -> Self::Answer;
}

impl<S: Send + Sync> Arguments<S> for () {
    type Values = ();

    fn needs(self) -> Vec<Option<Need>> {
        Vec::new()
    }

    async fn take(self, _: Arrived<S>) -> Result<(), Response> {
        Ok(())
    }
}

impl<F: FnOnce() -> Answer + Clone + Send + Sync + 'static, Answer> Call<()> for F {
    type Answer = Answer;

    fn call(self, (): ()) -> Answer {
        self()
    }
}

impl<S: Send + Sync, Only: LastArgument<S>> Arguments<S> for (Only,) {
    type Values = (Only::Value,);

    fn needs(self) -> Vec<Option<Need>> {
        vec![self.0.need()]
    }

    async fn take(self, arrived: Arrived<S>) -> Result<Self::Values, Response> {
        Ok((self.0.take_last(arrived).await?,))
    }
}

impl<F: FnOnce(Only) -> Answer + Clone + Send + Sync + 'static, Only, Answer> Call<(Only,)> for F {
    type Answer = Answer;

    fn call(self, (only,): (Only,)) -> Answer {
        self(only)
    }
}

macro_rules! several {
    ($($part:ident)+) => {
        impl<S, $($part,)+ Z> Arguments<S> for ($($part,)+ Z)
        where
            S: Send + Sync,
            $($part: Argument<S>,)+
            Z: LastArgument<S>,
        {
            type Values = ($($part::Value,)+ Z::Value);

            #[expect(non_snake_case, reason = "types and values share their names")]
            fn needs(self) -> Vec<Option<Need>> {
                let ($($part,)+ Z) = self;
                vec![$($part.need(),)+ Z.need()]
            }

            #[expect(non_snake_case, reason = "types and values share their names")]
            async fn take(self, mut arrived: Arrived<S>) -> Result<Self::Values, Response> {
                let ($($part,)+ Z) = self;
                $(let $part = $part.take(&mut arrived).await?;)+
                Ok(($($part,)+ Z.take_last(arrived).await?))
            }
        }

        impl<Function, Answer, $($part,)+ Z> Call<($($part,)+ Z)> for Function
        where
            Function: FnOnce($($part,)+ Z) -> Answer + Clone + Send + Sync + 'static,
        {
            type Answer = Answer;

            #[expect(non_snake_case, reason = "types and values share their names")]
            fn call(self, ($($part,)+ Z): ($($part,)+ Z)) -> Answer {
                self($($part,)+ Z)
            }
        }
    };
}

several!(A);
several!(A B);
several!(A B C);
several!(A B C D);
several!(A B C D E);
several!(A B C D E F);
several!(A B C D E F G);
several!(A B C D E F G H);
several!(A B C D E F G H I);
several!(A B C D E F G H I J);
several!(A B C D E F G H I J K);
several!(A B C D E F G H I J K L);
several!(A B C D E F G H I J K L M);
several!(A B C D E F G H I J K L M N);
several!(A B C D E F G H I J K L M N O);
